/** `java.util.Random`, as far as partial key grouping needs it: a 48-bit linear congruential generator, in two 24-bit halves. */

const multiplierHigh = Math.floor(0x5deece66d / 0x1000000);
const multiplierLow = 0x5deece66d % 0x1000000;
const half = 0x1000000;

/** The first two `nextInt(bound)` of `new Random(seed)`, the second moved on by one when both are equal. */
export function javaRandomPair(seed: number, bound: number): [number, number] {
  const random = new JavaRandom(seed);
  const first = random.nextInt(bound);
  const second = random.nextInt(bound);
  return [first, first === second ? (second + 1) % bound : second];
}

export class JavaRandom {
  private high: number;
  private low: number;

  /** `seed`: an int, sign-extended to a long as Java does. */
  constructor(seed: number) {
    const scrambled = (BigInt.asUintN(48, BigInt(seed)) ^ 0x5deece66dn) & 0xffffffffffffn;
    this.high = Number(scrambled >> 24n);
    this.low = Number(scrambled & 0xffffffn);
  }

  /** 0 ≤ x < bound. */
  nextInt(bound: number): number {
    let bits = this.next31();
    if ((bound & -bound) === bound) return Math.floor((bound * bits) / 0x80000000);
    let value = bits % bound;
    while (bits - value + (bound - 1) > 0x7fffffff) {
      bits = this.next31();
      value = bits % bound;
    }
    return value;
  }

  private next31(): number {
    const product = this.low * multiplierLow + 0xb;
    const low = product % half;
    const carry = Math.floor(product / half);
    this.high = (this.high * multiplierLow + this.low * multiplierHigh + carry) % half;
    this.low = low;
    return Math.floor((this.high * half + low) / 0x20000);
  }
}
