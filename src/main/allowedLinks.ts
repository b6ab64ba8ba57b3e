/** The only addresses that the program opens in a browser. */
export const projectPaper = 'https://arxiv.org/abs/1912.10917'
export const allowedLinks: readonly string[] = [projectPaper, 'https://github.com/VITA-Group/FasterSeg', 'https://onnxruntime.ai/']
