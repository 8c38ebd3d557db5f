import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export type RecordedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** False when the sender dropped the connection in the middle. */
  readonly isWhole: boolean;
  /** In how many pieces the body arrived. */
  readonly pieces: number;
};

export type RequestRecorder = {
  readonly url: string;
  /** In the order in which they ended. */
  readonly requests: readonly RecordedRequest[];
  stop(): Promise<void>;
};

/** An HTTP server on 127.0.0.1 that keeps every request and answers with the status that `answer` gives. */
export async function startRequestRecorder(
  answer: (request: RecordedRequest) => number = () => 200,
): Promise<RequestRecorder> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, response) => {
    void received(incoming).then((request) => {
      requests.push(request);
      response.statusCode = answer(request);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function received(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  const { method = '', url: path = '', headers } = incoming;
  const request = (isWhole: boolean) => {
    return { method, path, headers, body: Buffer.concat(chunks), isWhole, pieces: chunks.length };
  };
  try {
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    return request(true);
  } catch {
    return request(false);
  }
}
