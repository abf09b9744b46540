// The way to the network where a machine reaches it through a proxy only: the one in the settings, else the one that the system names.
import * as undici from 'undici';

export interface ProxyMeans {
  /** Address of a proxy (http or https); '' as the system says. */
  proxy(): string;
  /** The system's answer for an address, as a proxy script gives it ("PROXY host:8080; DIRECT"). Without it the environment is asked (HTTPS_PROXY, NO_PROXY). */
  systemProxy?(address: string): Promise<string>;
}

/** The first way of a proxy script's answer that can be gone: address of a proxy, or '' for none. */
export const firstWay = (answer: string): string => {
  for (const way of answer.split(';')) {
    const [, kind, host] = /^\s*(DIRECT|PROXY|HTTPS)\s*([\w.:[\]-]*)\s*$/i.exec(way) ?? [];
    if (kind?.toUpperCase() === 'DIRECT') return '';
    if (kind && host) return `${kind.toUpperCase() === 'HTTPS' ? 'https' : 'http'}://${host}`;
  }
  return '';
};

/** `fetch` by that way. Connections are kept for as long as it stays the same. */
export const createFetch = ({
  proxy,
  systemProxy,
}: ProxyMeans): ((url: URL, init: RequestInit) => Promise<Response>) => {
  const agents = new Map<string, undici.Dispatcher>();
  const agentOf = (way: string, make: () => undici.Dispatcher): undici.Dispatcher => {
    const agent = agents.get(way) ?? make();
    agents.set(way, agent);
    return agent;
  };
  const wayTo = async (url: URL): Promise<undici.Dispatcher> => {
    const chosen = proxy();
    if (!chosen && !systemProxy) return agentOf('environment', () => new undici.EnvHttpProxyAgent());
    const way = chosen || firstWay((await systemProxy?.(url.href).catch(() => '')) ?? '');
    return way ? agentOf(way, () => new undici.ProxyAgent(way)) : agentOf('direct', () => new undici.Agent());
  };
  // Node's own `fetch` is the same code, of another version: it takes no agents of this one.
  const fetch = undici.fetch as unknown as (url: URL, init: RequestInit & { dispatcher: unknown }) => Promise<Response>;
  return async (url, init) => fetch(url, { ...init, dispatcher: await wayTo(url) });
};
