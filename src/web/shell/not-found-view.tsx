// SPDX-License-Identifier: Apache-2.0
import { LinkButton } from '../parts/button.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { useText } from '../text/language.ts';

export function NotFoundView() {
  const { notFound } = useText().common;
  return (
    <StatusPage icon="search" title={notFound.title} text={notFound.text}>
      <LinkButton label={notFound.home} href="/" kind="suggested" pill />
    </StatusPage>
  );
}
