import type { RunTexts } from './en.js'

const comesWith: RunTexts['missing']['comesWith'] = {
  'search': '“搜索”阶段的最初几步之后就会出现。',
  'derive': '搜索之后的“派生”阶段会产生。',
  'evaluate': '最后一次训练之后的“评估”阶段会产生。'
}

export const zh: RunTexts = {
  reading: '正在读取运行 …',
  missing: {
    lattice: '尚未记录任何架构。',
    networks: '尚未派生任何网络。',
    predictions: '尚无预测图像。',
    exports: '尚无训练好的网络，因此没有可导出的内容。',
    comesWith,
    notPlanned: '此运行不会有这一项：它的任务不同。',
    now: (stage) => `运行现在处于“${stage}”阶段。`,
    standsStill: '运行已停下，可在“搜索”页继续。',
    over: '运行已结束，没有这一项。'
  },
  search: {
    state: '状态',
    over: { finished: '已结束', stopped: '已停止', failed: '失败' },
    progress: { new: '未开始', unfinished: '已停下', finished: '已结束' },
    stages: '阶段', done: '完成', now: '进行中', ahead: '未到',
    steps: (count) => `${count} 步`,
    step: '步', stepOf: (step, steps) => `${step} / ${steps}`,
    remaining: '整个运行还需', unknown: '尚不清楚',
    stepTime: '每步用时', seconds: (value) => `${value} 秒`,
    waited: '其中等待数据', memory: '内存', elapsed: '已工作',
    pause: '暂停', continue: '继续', stop: '停止', resume: '从检查点继续', copy: '复制为命令',
    stopHelp: '写入检查点后停止，之后可以继续。',
    resumeHelp: '从最后一个检查点继续。',
    curves: '搜索', training: '训练', plane: '精度与延迟',
    notYet: '尚未记录任何一步。曲线从第一步开始。',
    events: '发生的事',
    incident: { death: '引擎意外退出。', stall: '引擎有一段时间没有消息，可能是机器繁忙。它会继续；若沉默十分钟则会重启，不会丢失任何内容。', failure: '引擎报告了错误。', message: '引擎发来了无法读取的内容。' },
    lostNothing: (step) => `没有丢失任何内容：最后一个检查点（整个运行的第 ${step} 步）之后的部分会重做，结果相同。`,
    lostStart: '只需重做开始以来的工作：此前还没有检查点，该阶段会重做。',
    goesOn: '运行会自动继续。', times: (count) => `至今 ${count} 次。`,
    failedIntro: '运行已停下。日志与最后一个检查点完好。'
  },
  collapse: {
    title: '坍缩',
    meters: '搜索的确定程度',
    search: '搜索', step: '步', skip: '最可能算子为跳过', narrow: '最可能宽度为最窄',
    alpha: 'alpha 的熵', beta: 'beta 的熵', gamma: 'gamma 的熵', gap: '派生延迟减期望延迟',
    skipAlarm: (search, share) => `${search}：${share} 的单元中最可能的算子是跳过。搜索倾向于不要任何层，因为这样最省时。`,
    narrowAlarm: (search, share) => `${search}：${share} 的特征图中最可能的宽度是最窄的。搜索倾向于最小的特征图，因为这样最省时。`,
    both: '这是架构坍缩（FasterSeg 第 3.3 节）：延迟项压过了精度。请在新的运行中使用解耦的延迟项，或减小 search.lambda，或增大 search.targetLatencyMs。',
    weak: '许多位置的首选是跳过或最窄宽度，但搜索尚未决定：熵接近 100% 时，首选几乎等于随机。',
    calm: '没有坍缩迹象：跳过和最窄宽度都不是大多数位置的首选。'
  },
  lattice: {
    save: '保存此刻', svg: 'SVG', png: 'PNG', json: 'JSON',
    caption: (run, search, network, step) => `${run}，搜索 ${search}，${network}，第 ${step} 步`
  },
  networks: { results: '各网络', derived: '派生的网络' },
  predictions: {
    worstFirst: '验证集图像，学生表现最差的在前。',
    kind: '叠加在图像上', opacity: '不透明度', side: '并排显示', none: '无',
    studentMeanIoU: (share) => `学生 mIoU ${share}`,
    count: (count) => `${count} 张图像`,
    loading: '正在载入 …',
    keys: '左右方向键：换图。+ 和 −：缩放，0：整张图像。Shift 加方向键或拖动：移动。Esc：关闭。',
    zoom: (times) => `${times} ×`, zoomIn: '放大', zoomOut: '缩小', whole: '整张图像',
    place: (place, count) => `第 ${place} 张，共 ${count} 张`,
    classes: '各类 IoU'
  },
  export: {
    intro: '每个按钮写出一个文件或文件夹。写出的网络会在第二个运行时中用真实图像再运行一次并比较。',
    network: '网络', format: '格式',
    formats: { onnx: 'ONNX', tfjs: 'TensorFlow.js', safetensors: 'safetensors', folder: '文件夹', report: '报告' },
    about: {
      onnx: '单个文件，供 ONNX Runtime 等使用。', tfjs: '供浏览器和 Node 使用的图模型。',
      safetensors: '只有权重，名称与 architecture.json 一致。',
      folder: '全部内容：模型、权重、类别表、归一化参数和运行脚本。',
      report: '整个运行，一个 HTML 文件。'
    },
    write: (network, format) => `将${network}导出为 ${format}`,
    writeShort: '导出', ofRun: '整个运行', writeReport: '写出报告',
    notTrained: '尚未训练', choosing: '请选择写入位置 …',
    writing: (network, format) => `正在将${network}写为 ${format}`,
    progress: (done, total) => `${done} / ${total}`,
    cancel: '取消',
    results: '已写出', file: '文件', size: '大小',
    parity: '与我们自己的网络相比（第二个运行时）', difference: 'logit 的最大差异', agreement: '类别一致的像素',
    noParity: '其中没有可运行的网络。',
    reveal: '在文件夹中显示', download: '下载', copy: '复制为命令'
  }
}
