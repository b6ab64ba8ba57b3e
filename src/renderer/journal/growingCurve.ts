/**
 * A curve that grows without end and is drawn with a bounded number of points: once there are many, neighbours are merged into spans, and
 * of every span its least, its greatest and its mean value are kept. Adding a point costs the same however long the curve is.
 */
export type Point = [number, number]

interface Span {
  count: number
  firstX: number
  sum: number
  least: Point
  greatest: Point
}

/** A span of a million steps still is drawn with its peaks; a screen has no more columns than this. */
const mostSpans = 1000

export class GrowingCurve {
  /** Points that were added. */
  length = 0
  private spans: Span[] = []
  /** Points of a whole span; a power of two. */
  private spanLength = 1

  add(x: number, y: number): void {
    this.length++
    const last = this.spans[this.spans.length - 1]
    if (last !== undefined && last.count < this.spanLength) return extend(last, { count: 1, firstX: x, sum: y, least: [x, y], greatest: [x, y] })
    if (this.spans.length === mostSpans) this.halve()
    this.spans.push({ count: 1, firstX: x, sum: y, least: [x, y], greatest: [x, y] })
  }

  /** Every point, or of each span the least and the greatest, in order. */
  outline(): Point[] {
    return this.spans.flatMap(({ least, greatest }) => {
      if (least[0] === greatest[0]) return [least]
      return least[0] < greatest[0] ? [least, greatest] : [greatest, least]
    })
  }

  /** Every point, or of each span the mean, where the span begins. */
  means(): Point[] {
    return this.spans.map(({ firstX, sum, count }) => [firstX, sum / count])
  }

  /** Only called where all spans are whole. */
  private halve(): void {
    const halved: Span[] = []
    for (let index = 0; index < this.spans.length; index += 2) {
      extend(this.spans[index], this.spans[index + 1])
      halved.push(this.spans[index])
    }
    this.spans = halved
    this.spanLength *= 2
  }
}

function extend(span: Span, next: Span): void {
  span.count += next.count
  span.sum += next.sum
  if (next.least[1] < span.least[1]) span.least = next.least
  if (next.greatest[1] > span.greatest[1]) span.greatest = next.greatest
}
