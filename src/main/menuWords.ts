/** The words of the menu, the dialogs and the notifications, in both languages. */
export type MenuLanguage = 'en' | 'zh'

const en = {
  file: 'File', newRun: 'New run', openFolder: 'Open folder…', openRuns: 'Show the runs\' folder', quit: 'Quit',
  run: 'Run', pause: 'Pause or go on', stop: 'Checkpoint and stop',
  pages: 'Pages', start: 'Start', data: 'Data', search: 'Search', lattice: 'Lattice', networks: 'Networks', predictions: 'Predictions',
  runs: 'Runs', export: 'Export', operators: 'Operators',
  edit: 'Edit', undo: 'Undo', redo: 'Redo', cut: 'Cut', copy: 'Copy', paste: 'Paste', selectAll: 'Select all',
  view: 'View', theme: 'Dark or light', language: '切换为简体中文', zoomIn: 'Larger', zoomOut: 'Smaller', zoomReset: 'Usual size', fullScreen: 'Full screen',
  developer: 'Developer tools', help: 'Help', paper: 'The paper (opens a browser)', about: 'About Cellscope',
  aboutDetail: 'Searches real-time segmentation networks on your own images, for your own device.',
  goesOnTitle: 'The run goes on', goesOn: 'Start Cellscope again to see it; Quit in its menu ends it after a checkpoint.',
  finished: 'The run has finished', stopped: 'The run has stopped', failed: 'The run has failed',
  diedTitle: 'The page cannot be shown', died: 'The page has died several times in a row. The run goes on. Try again, or close the window and start Cellscope anew.',
  again: 'Try again', close: 'Close the window'
}

const zh: typeof en = {
  file: '文件', newRun: '新建运行', openFolder: '打开文件夹…', openRuns: '显示运行所在的文件夹', quit: '退出',
  run: '运行', pause: '暂停或继续', stop: '保存检查点并停止',
  pages: '页面', start: '开始', data: '数据', search: '搜索', lattice: '网格', networks: '网络', predictions: '预测',
  runs: '全部运行', export: '导出', operators: '算子',
  edit: '编辑', undo: '撤销', redo: '重做', cut: '剪切', copy: '复制', paste: '粘贴', selectAll: '全选',
  view: '视图', theme: '深色或浅色', language: 'Switch to English', zoomIn: '放大', zoomOut: '缩小', zoomReset: '实际大小', fullScreen: '全屏',
  developer: '开发者工具', help: '帮助', paper: '论文（在浏览器中打开）', about: '关于 Cellscope',
  aboutDetail: '在您自己的图像上、为您自己的设备搜索实时分割网络。',
  goesOnTitle: '运行仍在继续', goesOn: '再次启动 Cellscope 即可查看；在菜单中选择“退出”会先保存检查点再结束。',
  finished: '运行已完成', stopped: '运行已停止', failed: '运行失败',
  diedTitle: '页面无法显示', died: '页面连续多次崩溃。运行仍在继续。请重试，或关闭窗口后重新启动 Cellscope。',
  again: '重试', close: '关闭窗口'
}

export type MenuWords = typeof en
export const menuWords: Record<MenuLanguage, MenuWords> = { en, zh }
