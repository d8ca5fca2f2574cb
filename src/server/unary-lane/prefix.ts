/** The flag and the length before each message: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export const PREFIX_BYTES = 5;
