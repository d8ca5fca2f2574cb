/**
 * Lets V8 compile what makes objects of the class of this one.
 *
 * V8 keeps a class that has a static getter of a computed name, such as `static get [Symbol.species]`, as a dictionary.
 * If it extends a built-in class, too, then its constructor, and whatever that is inlined into, is compiled again and again,
 * and thrown away each time (`node --trace-opt`: "Bailed out due to dependency change"). The driver's queries and results
 * are of such classes. V8 makes an ordinary object of what a `for`-`in` loop inherits from.
 */
export function makeCompilable(made: object): void {
  for (const name in Object.create(made.constructor)) void name;
}
