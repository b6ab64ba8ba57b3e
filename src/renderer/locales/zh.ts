import type { Texts } from './en.js'

export const zh: Texts = {
  language: '语言',
  languages: { en: 'English', zh: '简体中文' },
  report: '运行报告',
  sections: { results: '结果', curves: '搜索', training: '训练', lattice: '网格', networks: '网络', predictions: '预测', record: '记录' },
  names: {
    operator: { skip: '跳过', conv: '卷积', conv_downup: '缩放卷积', conv_2x: '卷积 ×2', conv_2x_downup: '缩放卷积 ×2' },
    reason: {
      'skip-is-identity': '步幅为 1 的跳过不改变任何东西，故省去该单元',
      'skip-forbidden': '此处不允许跳过',
      'skip-at-downsampling': '跳过不能把特征图减半',
      'minimum-length': '否则分支会过短',
      'stretch-kept': '否则两次减半之间的单元会全部消失'
    },
    picture: { image: '图像', truth: '真值', teacher: '教师', student: '学生', error: '错误' },
    network: { teacher: '教师', student: '学生', plain: '未蒸馏的学生', handmade: '手工设计的网络', supernet: '超网' },
    stage: {
      'latency': '延迟', 'pretrain': '预训练', 'search': '搜索', 'derive': '派生', 'train-teacher': '教师', 'train-student': '学生',
      'train-plain': '未蒸馏的学生', 'train-handmade': '手工设计的网络', 'evaluate': '评估', 'export': '导出', 'report': '报告'
    },
    variant: { decoupled: '解耦', joint: '联合' }
  },
  step: '步',
  epoch: '轮',
  unfinished: '此运行尚未结束；报告只包含目前已有的内容。',
  inexact: '此运行曾在另一环境指纹下继续，其结果无法逐位重现。',
  thinned: (kind, kept, of) => `${kind}：${of} 中的 ${kept}`,
  thinnedIntro: '为控制页面大小，较长的序列已抽稀，日志中保留每一步。此处显示',
  charts: {
    loss: '损失', lossHelp: 'OHEM 交叉熵，对一步中的各次前向求和。浅色为每一步，深色为滑动平均。',
    supernet: '超网中的 mIoU', supernetHelp: '在选择集图像上、使用共享权重得到，不能用来给之后训练的网络排名。',
    branches: '学生各预测的 mIoU', branchesHelp: '在超网中、选择集图像上：单个最终尺度，以及两个尺度联合（虚线）。',
    latency: '查表延迟', latencyHelp: '教师与学生的期望延迟，以及在该步派生出的网络的延迟。',
    entropy: '熵', entropyHelp: '各行熵的均值占最大值的比例：100% 表示尚未决定。',
    collapse: '坍缩', collapseHelp: '最可能算子为跳过的单元比例，以及最可能宽度为最窄的特征图比例。',
    lambda: 'Lambda', lambdaHelp: '延迟项的权重。每轮之后，延迟控制器将其加倍或减半，直到此时派生的网络接近目标。', terms: '延迟项', termsHelp: '加权前的三个解耦项，单位同论文代码。',
    training: '训练损失', selection: '选择集图像上的 mIoU', learningRate: '学习率',
    teacher: '教师', student: '学生', derived: '派生', alpha: 'alpha', beta: 'beta', gamma: 'gamma',
    skip: '跳过', narrow: '最窄', target: '目标', operators: '算子', scales: '尺度', widths: '宽度', joint: '联合', total: '损失',
    prediction: (name) => `1/${name.split('+').join(' + 1/')}`,
    none: '没有记录。'
  },
  plane: {
    title: '精度与延迟',
    x: '延迟', y: 'mIoU',
    explanation: '实心标记：训练后的网络，验证集图像，实测延迟（未实测时用查表值）。虚线：每次搜索的轨迹，纵轴为超网中学生的 mIoU，横轴为当时派生网络的延迟；圆点随时间变大。',
    search: (name) => `搜索（${name}）`
  },
  table: {
    network: '网络', meanIoU: 'mIoU', pixelAccuracy: '像素正确率', boundaryIoU: '边界 IoU', smallObjectIoU: '小物体',
    parameters: '参数量', multiplyAdds: '乘加数', predictedMs: '预测', measuredMs: '实测', difference: '差',
    deviation: (ms, count) => `± ${ms}，${count} 次`,
    step: '最佳步', absent: '这些图像中没有该类',
    perClass: '各类 IoU', class: '类别',
    split: { val: '验证集图像', selection: '选择集图像' },
    candidates: (round: number, steps: string) => `候选网络，第 ${round} 轮：各训练 ${steps} 步`, candidate: '候选', likeliest: '概率最大', drawn: (n: number) => `抽样 ${n}`, plain: (n: number) => `普通 ${n}`,
    pairs: '比较过的分支组合', pair: '最终尺度', objective: '目标函数', chosen: '选中', latency: '延迟',
    exports: '导出的文件', format: '格式', path: '文件', largestDifference: '最大差异', agreement: '类别一致',
    summary: '小结',
    beats: (student, handmade) => `搜索得到的网络优于同等延迟的手工网络：mIoU ${student} 对 ${handmade}。`,
    doesNotBeat: (student, handmade) => `搜索得到的网络没有优于同等延迟的手工网络：mIoU ${student} 对 ${handmade}。`
  },
  lattice: {
    explanation: '从左到右为各层，从上到下为各尺度。单元内：按 alpha 排列的算子，其下为按 gamma 的输入特征图宽度。带子的粗细为 beta。亮起的是此刻会派生出的路径。',
    network: '网络', variant: '搜索', moment: '时刻', play: '播放', pause: '暂停',
    of: (position, count) => `第 ${position} 个，共 ${count} 个`,
    layer: '层', scale: '尺度', stem: '主干', cellName: (layer, scale) => `第 ${layer} 层，尺度 1/${scale}`,
    alphaRow: '算子', betaRow: '来自', gammaRow: '输入特征图的宽度',
    finer: '更细的尺度', same: '同一尺度', fixedWidth: '固定：来自主干', widest: '总是最宽',
    onPath: (scale) => `在通往 1/${scale} 的路径上`, offPath: '不在路径上',
    dropped: '省去', replaced: (from, to) => `${from} 换成 ${to}`,
    hint: '指向某个单元，或用 Tab 键移到它，即可读取数值。',
    width: (twelfths) => `${twelfths}/12`,
    costRow: '期望耗时', costKeep: (ms) => `步幅 1 时 ${ms}`, costDown: (ms) => `减半时 ${ms}`,
    following: '跟随搜索'
  },
  networks: {
    explanation: '从图像到输出头。先是共用的单元，然后是各分支。单元中的横条表示宽度。',
    stem: '主干', head: '输出头', shared: '共用', branch: (scale) => `通往 1/${scale} 的分支`,
    channels: (count) => `${count} 通道`, layer: (layer) => `第 ${layer} 层`,
    halves: (from, to) => `1/${from} → 1/${to}`, keeps: (scale) => `1/${scale}`,
    facts: (parameters, multiplyAdds, latency) => `${parameters} 参数，${multiplyAdds} 次乘加，查表 ${latency}`,
    measured: (latency) => `实测 ${latency}`,
    notTrained: '仅为比较而派生，未训练',
    milliseconds: (stem, cells, rest, call, total) => `查表：主干 ${stem}，单元 ${cells}，汇合与输出头 ${rest}，一次调用 ${call}；合计 ${total}。`,
    notes: '派生时的改动'
  },
  predictions: {
    explanation: '忽略的像素为黑色。错误图中图像为灰色，错误的像素按出错者着色。',
    studentOnly: '学生错', both: '两者都错', teacherOnly: '教师错', ignored: '忽略', classes: '类别', errors: '错误',
    leftOut: (count) => `另有 ${count} 张图片在运行文件夹中，未放入本页。`,
    enlarge: (name) => `放大 ${name}`, close: '关闭', previous: '上一张', next: '下一张'
  },
  record: {
    space: '搜索空间', spaceHelp: '参与比较的分支在网格中的路径数、所有单元中算子与宽度的选择数，以及二者之积。',
    spaceSize: (paths, choices, networks) => `${paths} 条路径 × ${choices} 种选择：${networks} 个网络`,
    command: '命令', created: '开始时间', fingerprint: '结果逐位取决于', dataset: '数据集摘要', table: '延迟表',
    settings: '设置', changedOnly: '只看非默认值', setting: '设置项', value: '值',
    refused: '被拒绝的步', notes: '备注', unknown: '没有记录',
    fields: { cellscope: 'Cellscope', tensorflow: 'TensorFlow', threads: '引擎线程', oneDnn: 'oneDNN', cpu: '处理器', device: '设备' },
    tableFacts: (cpu, runtime, threads, warmup, repeats) => `${cpu}，${runtime}，${threads} 线程，预热 ${warmup} 次，计时 ${repeats} 次`,
    target: (height, width, ms) => `${height} × ${width} 像素，${ms}`, targetName: '目标'
  }
}
