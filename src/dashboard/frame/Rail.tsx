// The way around: what the reader's role may see, and nothing else.
import { Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useMay } from '../app/me.ts';
import mark from '../look/mark.svg';
import css from './Frame.module.css';
import { PLACES } from './places.ts';

export function Rail({ isWide = false, onGo }: { isWide?: boolean; onGo?(): void }) {
  const may = useMay();
  const hasWords = useMediaQuery('(min-width: 1100px)') || isWide;
  return (
    <nav className={css.rail} data-wide={isWide} aria-label="Pages">
      {!isWide && (
        <div className={css.brand}>
          <img src={mark} width={24} height={24} alt="" />
          <span>Tracker Hub</span>
        </div>
      )}
      {PLACES.map(({ group, items }) => {
        const shown = items.filter(({ route }) => may(route));
        if (shown.length === 0) return null;
        return (
          <div key={group} className={css.group}>
            <div className={css.groupName}>{group}</div>
            {shown.map(({ to, title, icon: Icon }) => (
              <Tooltip key={to} label={title} position="right" disabled={hasWords}>
                <Link to={to} className={css.place} onClick={onGo} aria-label={title}>
                  <Icon size={16} aria-hidden />
                  <span>{title}</span>
                </Link>
              </Tooltip>
            ))}
          </div>
        );
      })}
    </nav>
  );
}
