/** Files that are part of the program as text; the bundler puts them in. */
declare module '*?raw' {
  const text: string
  export default text
}
