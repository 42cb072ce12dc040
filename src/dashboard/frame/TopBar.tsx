// Organisation, search and commands, theme, account.
import { ActionIcon, Menu, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown, LogOut, Menu as MenuIcon, Moon, Search, Sun, UserRound } from 'lucide-react';
import { answered, api, chooseOrganization } from '../app/client.ts';
import type { Me } from '../app/me.ts';
import { roleName } from '../app/roles.ts';
import { tellTabs } from '../app/tabs.ts';
import { askBefore } from '../app/unsaved.ts';
import css from './Frame.module.css';
import { palette } from './first-hit.ts';

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

export function TopBar({ me, onMenu }: { me: Me; onMenu(): void }) {
  return (
    <header className={css.top}>
      <ActionIcon variant="subtle" color="gray" className={css.burger} onClick={onMenu} aria-label="Open the menu">
        <MenuIcon size={18} />
      </ActionIcon>
      <Organization me={me} />
      <UnstyledButton className={css.search} onClick={palette.open}>
        <Search size={14} aria-hidden />
        <span>Search or jump to…</span>
        <kbd>{isMac ? '⌘' : 'Ctrl'} K</kbd>
      </UnstyledButton>
      <Theme />
      <Account me={me} />
    </header>
  );
}

function Organization({ me }: { me: Me }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  if (me.organizations.length < 2) return <div className={css.organization}>{me.organization?.name}</div>;
  const choose = async (id: string) => {
    chooseOrganization(id);
    await navigate({ to: '/trackers', ignoreBlocker: true });
    await queries.resetQueries();
  };
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={css.organization} data-many>
          <span>{me.organization?.name}</span>
          <ChevronsUpDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {me.organizations.map(({ id, name, role }) => (
          <Menu.Item
            key={id}
            onClick={() => askBefore(() => void choose(id))}
            rightSection={id === me.organization?.id ? <Check size={14} aria-label="chosen" /> : null}
          >
            {name} <span className={css.quiet}>{roleName(role)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Theme() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon variant="subtle" color="gray" onClick={() => setColorScheme(other)} aria-label={`Change to ${other}`}>
      {scheme === 'dark' ? <Sun size={16} /> : <Moon size={16} />}
    </ActionIcon>
  );
}

function Account({ me }: { me: Me }) {
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => answered(api.auth['sign-out'].$post()),
    onSuccess: () => {
      tellTabs('signed out');
      chooseOrganization(null);
      return queries.resetQueries();
    },
  });
  const name = me.user?.name ?? me.apiKey?.name ?? '';
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={css.account} aria-label="Account">
          {name.slice(0, 1).toUpperCase()}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{[me.user?.email, me.role && roleName(me.role)].filter(Boolean).join(' · ')}</Menu.Label>
        {me.user !== null && (
          <Menu.Item leftSection={<UserRound size={14} />} component={Link} to="/account">
            Your account
          </Menu.Item>
        )}
        <Menu.Item leftSection={<LogOut size={14} />} onClick={() => askBefore(() => signOut.mutate())}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
