import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The HTTP/1.1 connections. HTTP/2 has GOAWAY; here only an answer can say that it is a connection's last. */
export type Http1Connections = {
  add(socket: Socket): void;
  /** To be called for every answer before its headers are sent. */
  addResponse(response: ServerResponse): void;
  /** Ends those that answer nothing at once, and the others with their answer. */
  close(): void;
};

export function createHttp1Connections(maxConnectionAgeMs: number): Http1Connections {
  // With the time each was opened, and the answer it is working on.
  const opened = new Map<Socket, number>();
  const answering = new Map<Socket, ServerResponse>();
  let closing = false;

  return {
    add(socket) {
      opened.set(socket, Date.now());
      socket.once("close", () => {
        opened.delete(socket);
        answering.delete(socket);
      });
      if (closing) socket.destroySoon();
    },
    addResponse(response) {
      const { socket } = response.req;
      answering.set(socket, response);
      const isOld = Date.now() - (opened.get(socket) ?? Date.now()) > maxConnectionAgeMs;
      if (closing || isOld) response.setHeader("connection", "close");
      response.once("close", () => {
        if (answering.get(socket) === response) answering.delete(socket);
        if (closing) socket.destroySoon();
      });
    },
    close() {
      closing = true;
      for (const socket of opened.keys()) {
        const response = answering.get(socket);
        if (response === undefined) socket.destroySoon();
        else if (!response.headersSent) response.setHeader("connection", "close");
      }
    },
  };
}
