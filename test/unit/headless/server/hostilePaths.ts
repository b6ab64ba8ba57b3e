/** Two hundred paths that lead, or would like to lead, somewhere else ("foreign files" in docs/reliability.md). */

const targets = ['secret.html', 'manifest.json', 'etc/passwd', 'windows/win.ini']
const ups = ['../', '..\\', '%2e%2e/', '%2e%2e%2f', '..%2f', '%252e%252e%252f', '..%5c', '..%255c', '%c0%ae%c0%ae/', '....//', '..;/', '.%00./', '%uff0e%uff0e/', '..%00/', '..//', './../']

const climbing = ups.flatMap((up) => [1, 3, 8].flatMap((times) => targets.map((target) => up.repeat(times) + target)))

const others = [
  '/etc/passwd', '//etc/passwd', '%2fetc%2fpasswd', 'file:///etc/passwd', 'C:\\windows\\win.ini', 'C:/windows/win.ini', '\\\\server\\share', '//server/share/file', '\\\\?\\C:\\x',
  'con', 'CON.html', 'nul', 'aux.onnx', 'com1', 'lpt1.html', 'index.html%00.png', 'index.html%20', 'index.html.', 'index.html::$DATA', 'INDEX.HTML', 'Index.html', '%69ndex.html',
  'linked.html', 'linked.onnx', 'linked', '.', '..', '...', '~', '~root', '$HOME', '`id`', '$(id)', '%', '%zz', '%e0%80%ae', '%ff%fe', 'pages-more/secret.html', '../pages-more/secret.html',
  'assets', 'assets/', 'assets/../index.html', 'assets/..', '__proto__', 'constructor', 'toString', 'run1/../run10', 'run1%2f..%2frun10', 'run1\u0000', 'a'.repeat(3000)
]

export const hostilePaths = [...climbing, ...others]
