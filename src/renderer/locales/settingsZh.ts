/** Labels and helps of the settings in Chinese, by setting; their English stands in src/shared/config/settings.ts. A test keeps both complete. */
interface SettingText {
  label: string
  help: string
}

const schedule = (group: string, decay: SettingText['help'], clip: SettingText['help']): Record<string, SettingText> => ({
  [`${group}.decay`]: { label: '每轮衰减', help: decay },
  [`${group}.momentum`]: { label: '动量', help: 'SGD 的动量（论文：0.9）。' },
  [`${group}.weightDecay`]: { label: '权重衰减', help: '权重的 L2 衰减（论文：5e-4）。' },
  [`${group}.clipNorm`]: { label: '梯度裁剪', help: clip },
  [`${group}.warmupSteps`]: { label: '预热步数', help: '学习率从零升起所用的步数。' }
})
const decayInSearch = '每轮之后学习率乘以此值（论文的搜索：0.978）。'
const clipInSearch = '权重梯度的最大范数；0 表示不裁剪（论文：5）。'

export const settingsZh: Record<string, SettingText> = {
  'seed': { label: '随机种子', help: '运行中的所有随机数都由此数决定。' },

  'data.source': { label: '数据集', help: '一个文件夹，或用 `streets` 表示内置的程序生成街景。' },
  'data.layout': { label: '布局', help: '文件夹的组织方式；auto 会自动识别。' },
  'data.height': { label: '图像高度', help: '读取后将图像缩放到此高度；0 保持原高。' },
  'data.width': { label: '图像宽度', help: '读取后将图像缩放到此宽度；0 保持原宽。' },
  'data.streetsTrain': { label: '训练街景数', help: '训练集中内置场景的数量。' },
  'data.streetsVal': { label: '评估街景数', help: '验证集中内置场景的数量。' },
  'data.streetsWeather': { label: '天气', help: '内置场景的天气。' },
  'data.selectionFraction': { label: '选择集比例', help: '训练图像中留作提前停止和选择的比例，从不用于最终数字。' },
  'data.cropHeight': { label: '裁剪高度', help: '训练所见裁剪的高度。' },
  'data.cropWidth': { label: '裁剪宽度', help: '训练所见裁剪的宽度。' },
  'data.searchCropHeight': { label: '搜索裁剪高度', help: '预训练和搜索所见裁剪的高度；0 使用裁剪高度。' },
  'data.searchCropWidth': { label: '搜索裁剪宽度', help: '预训练和搜索所见裁剪的宽度；0 使用裁剪宽度。' },
  'data.pretrainCropHeight': { label: '预训练裁剪高度', help: '预训练所见裁剪的高度；0 使用搜索的裁剪。' },
  'data.pretrainCropWidth': { label: '预训练裁剪宽度', help: '预训练所见裁剪的宽度；0 使用搜索的裁剪。' },
  'data.searchScale': { label: '搜索缩放', help: '预训练和搜索所见的图像按此系数缩小（公开代码：0.5）。' },
  'data.scales': { label: '随机缩放', help: '每张图像随机取其中一个系数（公开代码：0.75、1、1.25）。' },
  'data.flip': { label: '随机翻转', help: '将一半图像左右镜像。' },
  'data.colourJitter': { label: '颜色抖动', help: '亮度、对比度和饱和度的最大随机变化（公开代码：无）。' },
  'data.classWeights': { label: '类别权重', help: 'balanced 按 1 / log(1.02 + 频率) 加重稀有类别（ENet）。' },

  'space.layers': { label: '层数', help: '主干之后的单元层数（论文：16）。' },
  'space.baseWidth': { label: '基础宽度', help: '满宽特征图的通道数为尺度乘以此数（论文：12）。' },
  'space.widths': { label: '宽度', help: '候选宽度，以十二分之一为单位，递增，以 12 结尾。' },
  'space.studentStemWidth': { label: '学生主干宽度', help: '学生的主干和输出头的宽度，以十二分之一为单位（论文：8）。' },
  'space.branchPairs': { label: '分支组合', help: '参与比较的一个、两个或三个分支的最终尺度（论文：三种两两组合；公开代码：仅 16,32 和 8,32）。' },

  'latency.table': { label: '延迟表', help: '要使用的已测延迟表；留空则在搜索前测量本机。' },
  'latency.height': { label: '目标高度', help: '设备上图像的高度。' },
  'latency.width': { label: '目标宽度', help: '设备上图像的宽度。' },
  'latency.threads': { label: '设备线程数', help: '计时时 ONNX Runtime 可用的线程数。' },
  'latency.repeats': { label: '重复次数', help: '预热之后每个算子至少计时的次数。' },
  'latency.warmup': { label: '预热次数', help: '每个算子计时前不计时的运行次数。' },
  'latency.networks': { label: '整网数量', help: '在算子之后计时的随机整网数量，用它们的实际用时校正延迟表：至少 12 个，50 个较合适；0 表示不校正。' },

  'pretrain.epochs': { label: '轮数', help: '架构变动之前仅训练权重的轮数（论文：20）。' },
  'pretrain.stepsPerEpoch': { label: '每轮步数', help: '一轮中的权重步数（公开代码：495）。' },
  'pretrain.batch': { label: '批量', help: '每步的图像数（论文：3）。' },
  'pretrain.heads': { label: '主干与头部', help: 'both：最宽的一遍经过教师的主干和头部，其余经过学生的。teacher：全部经过教师的，搜索开始时学生的尚未训练（公开代码的做法）。' },
  'pretrain.learningRate': { label: '学习率', help: 'SGD 的初始学习率（论文：0.02）。' },
  ...schedule('pretrain', decayInSearch, clipInSearch),

  'search.epochs': { label: '轮数', help: '架构步与权重步交替的轮数（论文：30）。' },
  'search.stepsPerEpoch': { label: '每轮步数', help: '一轮中交替的步数（公开代码：743）。' },
  'search.batch': { label: '批量', help: '每步的图像数（论文：2）。' },
  'search.learningRate': { label: '学习率', help: '权重的 SGD 初始学习率（论文：0.01）。' },
  ...schedule('search', decayInSearch, clipInSearch),
  'search.order': { label: '搜索的阶数', help: 'second：用前进一步之后的权重评判架构，架构也为这一步负责（DARTS 公式 7 和 8）；每步耗时约为两倍半。first：用当前的权重（论文）。' },
  'search.architectureLearningRate': { label: '架构学习率', help: 'alpha、beta 和 gamma 的 Adam 学习率（论文：3e-4）。' },
  'search.latencyTerm': { label: '延迟项', help: 'decoupled 对算子、尺度和宽度分别加权（论文 3.3 节）；joint 是单一的一项；both 用同一种子搜索两次并比较。' },
  'search.latencyWeights': { label: '解耦权重', help: '算子、尺度和宽度的 w1、w2、w3（论文：0.001、0.997、0.002；公开代码：0.002、0.994、0.004）。' },
  'search.lambda': { label: 'Lambda', help: '延迟项的权重（论文：0.01）。' },
  'search.latencyController': { label: '延迟控制器', help: 'window：每轮之后，若此时派生的网络比目标慢出的幅度超过带宽，lambda 加倍；若快出的幅度超过带宽，lambda 减半（公开代码的做法）；不会超过 lambda 的 1024 倍，也不会低于它的 1/1024。off：不变。' },
  'search.latencyBand': { label: '延迟带宽', help: '控制器窗口宽度的一半，以目标延迟的比例计（公开代码：每秒 155 至 175 帧，即 0.06）。' },
  'search.widthEstimator': { label: '宽度估计', help: '数据如何影响 gamma；docs/decisions 说明哪种是真实的。' },
  'search.gumbelTemperature': { label: 'Gumbel 温度', help: '宽度上 Gumbel softmax 的温度（论文：1）。' },
  'search.latencyExponent': { label: '延迟指数', help: '目标函数 精度 * (延迟 / 目标) ^ w 中的 w（论文：-0.07）。' },
  'search.targetLatencyMs': { label: '目标延迟', help: '目标函数中的 T，指被测量的设备（论文：1080Ti 上 8.3）。0：取手工网络延迟的一个比例，见目标占比。' },
  'search.targetLatencyShare': { label: '目标占比', help: '目标延迟为 0 时：目标是空间内最大的手工网络的预测延迟乘以此比例，因此同样的设置可用于不同的机器。' },
  'search.candidates': { label: '候选数', help: '派生时通过短时训练进行比较的架构数：最可能的一个，以及从搜索所得概率中抽取的其他架构。1 直接采用最可能的一个（公开代码的做法）。' },
  'search.candidatesPlain': { label: '普通候选', help: '首批候选中是否加入空间内的普通网络（单一宽度的 3x3 卷积，每对分支两个：最早下采样的和最晚下采样的）；若它们表现好，后面各代也会在其周围抽样。' },
  'search.candidateSteps': { label: '候选训练步数', help: '有多个候选时，每个候选的训练步数。' },
  'search.candidateBudget': { label: '候选预算', help: 'steps：各候选训练同样多的步数。minutes：训练时间与最可能的那个走完其步数所需的时间相同；每个候选的步速与它交替计时，训练快的网络得到更多步数。' },
  'search.candidateGenerations': { label: '候选代数', help: '抽取并训练同样数量候选的次数；第一代之后，每一代都围绕目前最好的三分之一抽取。' },
  'search.candidateRounds': { label: '候选轮数', help: '比较的轮数：最好的三分之一从头重新训练，步数为上一轮的三倍（逐次减半）。' },
  'search.ohemThreshold': { label: 'OHEM 阈值', help: '真实类别概率高于此值的像素视为简单，不计入（论文：0.7）。' },
  'search.ohemKeepFraction': { label: 'OHEM 最小比例', help: '至少保留的像素比例（公开代码：1/16）。' },

  'train.teacherSteps': { label: '教师步数', help: '教师的训练步数（论文：600 轮，每轮 1000 步）。' },
  'train.studentSteps': { label: '学生步数', help: '学生的训练步数。' },
  'train.stepsPerEpoch': { label: '每轮步数', help: '两次在选择集图像上评估之间的步数。' },
  'train.batch': { label: '批量', help: '每步的图像数（论文：12）。' },
  'train.batchParts': { label: '批量分块', help: '每个批量分成几块；各块单独归一化（如同多块 GPU），最多 `run.passWorkers` 块并行计算。1 为整批归一化（已发表的做法）。' },
  'train.learningRate': { label: '学习率', help: 'SGD 的初始学习率（论文：0.01）。' },
  'train.curve': { label: '学习率曲线', help: 'exponential：每轮乘以衰减（论文）；poly：0.9 次幂降到零；cosine：降到零。' },
  ...schedule('train', '每轮之后学习率乘以此值（论文：0.992）。', '梯度的最大范数；0 表示不裁剪（论文：不裁剪）。'),
  'train.auxiliaryWeight': { label: '辅助权重', help: '两个辅助输出头损失的权重（论文：0.2）；0 表示不使用。' },
  'train.lossStride': { label: '损失步幅', help: '在 1 / 此值 的分辨率上计算损失（公开代码：1）；2 训练更快。' },
  'train.distillation': { label: '蒸馏', help: '学生是否同时向教师学习。' },
  'train.teacherView': { label: '教师所见', help: 'crop：教师在学生所见的每个裁剪上运行（公开代码的做法）。image：教师在每张完整图像上只运行一次，其结果按裁剪截取；每一步的开销几乎与没有教师时相同。' },
  'train.distillationWeight': { label: '蒸馏权重', help: '逐像素 Kullback-Leibler 项的权重。' },
  'train.distillationTemperature': { label: '蒸馏温度', help: '两个 softmax 的温度；该项乘以其平方。' },
  'train.distillationMean': { label: '蒸馏平均方式', help: 'pixel：对有标签的像素取平均。right：其中只计教师判断正确的像素，适用于比学生弱的教师。published：对所有元素取平均，按类别数变弱。' },
  'train.compareWithoutDistillation': { label: '未蒸馏的学生', help: '另外训练一个没有教师的相同学生。' },
  'train.compareHandmade': { label: '手工设计的网络', help: '另外训练一个与学生延迟相同的手工网络，用时相同。' },
  'train.handmadeSteps': { label: '手工网络步数', help: '手工网络的训练步数；0 会测量两个网络的速度，并给它与学生相同的时间。' },
  'train.ohemThreshold': { label: 'OHEM 阈值', help: '同搜索；阈值为 1 且最小比例为 1 时即普通交叉熵。' },
  'train.ohemKeepFraction': { label: 'OHEM 最小比例', help: '至少保留的像素比例。' },
  'train.patience': { label: '耐心', help: '选择集 mIoU 连续这么多次评估没有提高就停止；0 训练到底。' },

  'run.threads': { label: '引擎线程数', help: 'TensorFlow 算子的线程数；会影响结果的每一位，因此记入清单。' },
  'run.passWorkers': { label: '前向线程数', help: '并行执行超网一步中各次前向以及训练批量各块的线程数，每个线程有自己的 TensorFlow；会影响结果的每一位。' },
  'run.oneDnn': { label: 'oneDNN', help: 'TensorFlow 是否使用 oneDNN：大特征图上更快，小型超网的小特征图上更慢；会影响结果的每一位。' },
  'run.checkpointSteps': { label: '检查点步数间隔', help: '两个检查点之间最多的步数。' },
  'run.checkpointSeconds': { label: '检查点时间间隔', help: '两个检查点之间最多的秒数。' }
}
