import type { ContextKey, ContextValues } from "@connectrpc/connect";

/** As `createContextValues` makes them, which makes three functions anew for each call. */
export class CallValues implements ContextValues {
  readonly [id: symbol]: unknown;

  get<Value>({ id, defaultValue }: ContextKey<Value>): Value {
    return id in this ? (this[id] as Value) : defaultValue;
  }

  set<Value>({ id }: ContextKey<Value>, value: Value): this {
    (this as Record<symbol, unknown>)[id] = value;
    return this;
  }

  delete({ id }: ContextKey<unknown>): this {
    Reflect.deleteProperty(this, id);
    return this;
  }
}
