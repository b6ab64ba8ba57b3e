/** Reverse-mode differentiation of a few hundred plain numbers: sums of products, as many as the published latency has. */
export interface Scalar {
  readonly value: number
  /** Where its derivative stands after `Tape.differentiate`. */
  readonly place: number
}

interface Product {
  result: number
  factors: [Scalar, Scalar]
}

export class Tape {
  private readonly products: Product[] = []
  private count = 0

  /** A number to differentiate by, or a constant. */
  number(value: number): Scalar {
    return { value, place: this.count++ }
  }

  /** The sum of the products of the pairs. */
  sumOfProducts(pairs: [Scalar, Scalar][]): Scalar {
    const result = this.number(pairs.reduce((sum, [a, b]) => sum + a.value * b.value, 0))
    for (const factors of pairs) this.products.push({ result: result.place, factors })
    return result
  }

  /** Derivatives of `of` by every number, at its place. */
  differentiate(of: Scalar): Float64Array {
    const derivatives = new Float64Array(this.count)
    derivatives[of.place] = 1
    for (let index = this.products.length - 1; index >= 0; index--) {
      const { result, factors: [a, b] } = this.products[index]
      derivatives[a.place] += derivatives[result] * b.value
      derivatives[b.place] += derivatives[result] * a.value
    }
    return derivatives
  }
}
