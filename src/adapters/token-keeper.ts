// Who keeps an account's token: asked before the first call, near the token's end, and when the tracker refuses it.

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

/** For as long as it is referred to: a connection test's own. */
export function memoryKeeper(): TokenKeeper {
  let kept: Token | null = null;
  let login: Promise<Token> | null = null;
  return {
    async token(ask) {
      if (kept !== null && isUsable(kept, ask)) return kept;
      login ??= ask
        .login()
        .then((token) => {
          kept = token;
          return token;
        })
        .finally(() => {
          login = null;
        });
      return login;
    },
  };
}
