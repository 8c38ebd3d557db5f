import type { GcSimulator } from '@exrec/simulator';
import platformClient from 'purecloud-platform-client-v2';

/** Has the official SDK talk to the simulator. */
export async function connectSdk(gc: GcSimulator): Promise<void> {
  const answer = await fetch(`${gc.url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${gc.clientId}:${gc.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const client = platformClient.ApiClient.instance;
  client.setGateway({ host: '127.0.0.1', protocol: 'http', port: Number(new URL(gc.url).port) });
  client.setAccessToken(token);
}
