import { BlockList, isIP } from 'node:net';
import { basicCredentialsCheck, HttpProblem, unauthorized } from '@exrec/service-kit';
import type { RequestHandler } from 'express';

export type McpAccess = {
  readonly EXCP_MCP_USERNAME: string | undefined;
  /** Those that count now; none: no password is asked for. */
  readonly passwords: () => readonly string[];
  readonly EXCP_MCP_ALLOWED_NETWORKS:
    | readonly {
        readonly address: string;
        readonly prefixBits: number;
        readonly family: 'ipv4' | 'ipv6';
      }[]
    | undefined;
};

/**
 * Who may post metadata: whoever has the Basic credentials and comes from an allowed network. Each of the two counts
 * only when it is set (both of them when both are). The network is that of the socket, never that of a
 * header, so behind a load balancer it is the balancer's.
 */
export function mcpAccess(settings: McpAccess): RequestHandler {
  const { EXCP_MCP_USERNAME: username, passwords } = settings;
  const networks = settings.EXCP_MCP_ALLOWED_NETWORKS;
  const allowed = networks === undefined ? undefined : addressList(networks);
  const hasCredentials =
    username === undefined ? undefined : basicCredentialsCheck({ username, password: passwords });
  return (request, _response, next) => {
    if (allowed !== undefined && !isIn(allowed, request.socket.remoteAddress)) {
      next(new HttpProblem(403, { detail: 'metadata are not taken from this network' }));
      return;
    }
    const passes = hasCredentials?.(request.headers.authorization) ?? true;
    next(passes ? undefined : unauthorized('Basic realm="exrec", charset="UTF-8"'));
  };
}

function addressList(networks: NonNullable<McpAccess['EXCP_MCP_ALLOWED_NETWORKS']>): BlockList {
  const list = new BlockList();
  for (const { address, prefixBits, family } of networks)
    list.addSubnet(address, prefixBits, family);
  return list;
}

/** An IPv4 address may come in the form `::ffff:10.0.0.1`. */
function isIn(list: BlockList, address: string | undefined): boolean {
  const [plain = ''] = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').split('%', 1);
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}
