/** The lattice's picture as a file of its own: colours and sizes written into it, so that it looks the same anywhere. */
import { operators } from '../../shared/architecture.js'
import type { Texts } from '../locales/en.js'
import { operatorColours } from './operatorColours.js'

const drawn = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'opacity', 'font-size', 'text-anchor'] as const
const namespace = 'http://www.w3.org/2000/svg'
const footHeight = 46

/** SVG text with the caption and the colours of the operators below the lattice. `svg` stands in the page and is not changed. */
export function standaloneSvg(svg: SVGSVGElement, caption: string, { names }: Texts): string {
  const [width, height] = (svg.getAttribute('viewBox') ?? '0 0 0 0').split(' ').slice(2).map(Number)
  const copy = svg.cloneNode(true) as SVGSVGElement
  // The cell that is pointed at is marked in the page only.
  const marked = svg.querySelector('.selected')
  marked?.classList.remove('selected')
  writeStyles(svg, copy)
  marked?.classList.add('selected')
  const style = getComputedStyle(document.documentElement)
  const colours = { ground: style.getPropertyValue('--ground').trim() || '#ffffff', ink: style.getPropertyValue('--ink').trim() || '#000000' }
  copy.setAttribute('xmlns', namespace)
  copy.setAttribute('viewBox', `0 0 ${width} ${height + footHeight}`)
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height + footHeight))
  copy.setAttribute('font-family', 'system-ui, sans-serif')
  copy.prepend(element('title', {}, caption), element('rect', { width, height: height + footHeight, fill: colours.ground }))
  copy.append(element('text', { 'x': 8, 'y': height + 14, 'fill': colours.ink, 'font-size': 13 }, caption))
  operators.forEach((operator, index) => copy.append(
    element('rect', { x: 8 + index * 118, y: height + 24, width: 11, height: 11, fill: operatorColours[operator] }),
    element('text', { 'x': 24 + index * 118, 'y': height + 34, 'fill': colours.ink, 'font-size': 12 }, names.operator[operator])
  ))
  return new XMLSerializer().serializeToString(copy)
}

/** What the page's style sheets say of each element becomes its attributes; what only the page needs goes. */
function writeStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from)
  for (const name of drawn) {
    const value = style.getPropertyValue(name)
    if (value) to.setAttribute(name, value)
  }
  for (const name of to.getAttributeNames()) if (/^(class|style|tabindex|role|aria-|data-)/.test(name)) to.removeAttribute(name)
  ;[...from.children].forEach((child, index) => writeStyles(child, to.children[index]))
}

function element(name: string, attributes: Record<string, string | number>, text = ''): Element {
  const made = document.createElementNS(namespace, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  made.textContent = text
  return made
}
