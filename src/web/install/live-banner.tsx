// SPDX-License-Identifier: Apache-2.0
import { LinkButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useInstallText } from './words.ts';

/** On a live system: that nothing is kept, and the way to keep it. */
export default function LiveBanner() {
  const text = useInstallText();
  return (
    <div className="banner" role="status">
      <Icon name="disc" />
      <span>{text.banner}</span>
      <LinkButton label={text.bannerAction} href="/install" kind="flat" />
    </div>
  );
}
