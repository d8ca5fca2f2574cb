/**
 * A pattern of our protos for the engine's own regular expressions, which are several times as fast as the
 * library's. None of the patterns has two ways to match a text, so none takes long for any.
 */
export function expressionOf(pattern: string): RegExp {
  let expression = expressions.get(pattern);
  if (!expression) {
    expression = new RegExp(pattern, "u");
    expressions.set(pattern, expression);
  }
  return expression;
}

const expressions = new Map<string, RegExp>();
