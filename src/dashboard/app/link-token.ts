// The secret of a link, behind its #: never sent to a server, nor written into a log.
import { useLocation } from '@tanstack/react-router';

/** Another one where another link is opened in the same tab. */
export const useLinkToken = (): string => useLocation({ select: ({ hash }) => hash });
