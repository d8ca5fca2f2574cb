// google/protobuf/struct.proto: the tags of its fields, number << 3 | wire type.
export const FIELD = 0x0a;
export const KEY = 0x0a;
export const VALUE = 0x12;
export const ELEMENT = 0x0a;
export const NULL = 0x08;
export const NUMBER = 0x11;
export const TEXT = 0x1a;
export const BOOLEAN = 0x20;
export const STRUCT = 0x2a;
export const LIST = 0x32;
