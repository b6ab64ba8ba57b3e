/** What Node gives every file, as far as plain JavaScript here uses it. */
export default Object.fromEntries(['process', 'console', 'URL', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Buffer', 'fetch'].map((name) => [name, 'readonly']))
