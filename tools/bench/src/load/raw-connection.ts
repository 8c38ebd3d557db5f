import { connect, type Socket } from 'node:net';

export type RawAnswer = { readonly status: number; readonly bodyBytes: number };

const readBytes = 256 * 1024;
const headEnd = Buffer.from('\r\n\r\n');

type Waiting = { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void };

/**
 * One keep-alive HTTP/1.1 connection that does as little as it can, so that the machine is left to the server that is
 * measured: requests are ready-made bytes, answers are counted. One request at a time; answers need a Content-Length.
 */
export class RawConnection {
  readonly #socket: Socket;
  #head: Buffer = Buffer.alloc(0);
  #answer: RawAnswer | undefined;
  #bodyLeft = 0;
  #waiting: Waiting | undefined;

  private constructor(port: number) {
    const onread = {
      buffer: Buffer.allocUnsafeSlow(readBytes),
      callback: (length: number, buffer: Uint8Array) => {
        this.#read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<RawConnection> {
    const connection = new RawConnection(port);
    return new Promise((resolve, reject) => {
      connection.#socket.once('connect', () => resolve(connection));
      connection.#socket.once('error', reject);
    });
  }

  /** Sends the parts of one request and resolves when the whole answer was read. */
  send(...parts: readonly Buffer[]): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      for (const part of parts) this.#socket.write(part);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(piece: Buffer): void {
    if (this.#answer === undefined) {
      this.#head = Buffer.concat([this.#head, piece]);
      const end = this.#head.indexOf(headEnd);
      if (end < 0) return;
      const answer = readHead(this.#head.toString('latin1', 0, end));
      if (answer === undefined) {
        this.#fail(new Error('an answer without Content-Length'));
        return;
      }
      this.#answer = answer;
      this.#bodyLeft = answer.bodyBytes - (this.#head.length - end - headEnd.length);
    } else {
      this.#bodyLeft -= piece.length;
    }
    if (this.#bodyLeft <= 0) this.#done(this.#answer);
  }

  #done(answer: RawAnswer): void {
    this.#head = Buffer.alloc(0);
    this.#answer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    this.#socket.destroy();
  }
}

function readHead(head: string): RawAnswer | undefined {
  const status = Number(head.slice(9, 12));
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length === undefined && status !== 204) return undefined;
  return { status, bodyBytes: Number(length ?? 0) };
}

/** The bytes of a request's head. */
export function requestHead(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | number>>,
): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}\r\n`);
}

/** A whole JSON POST as bytes. */
export function jsonPost(
  path: string,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const body = Buffer.from(json);
  const all = { 'content-type': 'application/json', 'content-length': body.length, ...headers };
  return Buffer.concat([requestHead('POST', path, all), body]);
}
