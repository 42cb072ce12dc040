// A session that ended: sign-in over the page, which stays as it is with all that was typed.
import { Modal, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Me } from '../../app/me.ts';
import { SESSION_ENDED } from '../../app/queries.ts';
import { SignInForm } from './SignInForm.tsx';

export function SessionEnded({ me }: { me: Me }) {
  const queries = useQueryClient();
  const { data: isEnded } = useQuery({
    queryKey: SESSION_ENDED,
    queryFn: () => false,
    initialData: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const signedIn = () => {
    queries.setQueryData(SESSION_ENDED, false);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey !== SESSION_ENDED });
  };
  return (
    <Modal
      opened={isEnded}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={380}
      zIndex={400}
      title="Your session has ended"
    >
      <Text size="sm" c="dimmed" mb={16}>
        Sign in to go on where you are. Nothing that you typed is lost.
      </Text>
      <SignInForm email={me.user?.email} onSignedIn={signedIn} />
    </Modal>
  );
}
