// The side panel that connects a tracker.
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { typesQuery } from '../../app/trackers.ts';
import { Unsaved } from '../../parts/Unsaved.tsx';
import css from './Connect.module.css';
import { ConnectForm } from './ConnectForm.tsx';

interface Props {
  /** `new`, or a type; without one the panel is closed. */
  chosen: string | undefined;
  onClose(): void;
  onChoose(type: string): void;
  /** Nothing is unsaved then, though who asks about it hears so only with the next render. */
  onSaved(configId: string): void;
}

export function Connect({ chosen, onClose, onChoose, onSaved }: Props) {
  const { data: types = [] } = useQuery(typesQuery);
  const isPhone = useMediaQuery('(max-width: 639px)');
  const [isTouched, setTouched] = useState(false);
  const type = types.find((one) => one.type === chosen) ?? types[0];

  return (
    <>
      <Drawer
        opened={chosen !== undefined}
        onClose={onClose}
        position="right"
        size={isPhone ? '100%' : 480}
        title="Connect tracker"
        classNames={{ content: css.panel }}
      >
        {type !== undefined && (
          <ConnectForm
            types={types}
            type={type}
            onChoose={onChoose}
            onTouched={() => setTouched(true)}
            onSaved={(configId) => {
              setTouched(false);
              onSaved(configId);
            }}
          />
        )}
      </Drawer>
      <Unsaved
        isUnsaved={isTouched}
        words="What you typed for this tracker is lost."
        onLeave={() => setTouched(false)}
        // Another choice within the panel loses nothing.
        isLost={({ search }) => (search as { connect?: string }).connect === undefined}
      />
    </>
  );
}
