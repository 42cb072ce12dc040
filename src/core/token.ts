// A token that a tracker gives for a login, and what is asked of whoever keeps it.

export interface Token {
  value: string;
  /** It is used until then. */
  renewAt: Date;
}

export interface TokenAsk {
  now: Date;
  /** A token that the tracker does not take any more. */
  refused: string | null;
  /** Gives a fresh token; called by one of all that ask at the same time. */
  login(): Promise<Token>;
  signal?: AbortSignal | undefined;
}

export interface TokenKeeper {
  /** @throws TrackerError what the login says */
  token(ask: TokenAsk): Promise<Token>;
}

export const isUsable = (token: Token, { now, refused }: Pick<TokenAsk, 'now' | 'refused'>): boolean =>
  token.value !== refused && token.renewAt > now;
