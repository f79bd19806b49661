// SPDX-License-Identifier: Apache-2.0
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row, SelectRow } from '../parts/rows.tsx';
import { useService } from '../service/queries.ts';
import {
  chooseLanguage,
  languages,
  useFormats,
  useLanguage,
  useText,
  type Language,
} from '../text/language.ts';

/** The service behind this page, and the language of the page. */
export function ServiceSection() {
  const { service: text } = useText().pc;
  const formats = useFormats();
  const language = useLanguage();
  return (
    <>
      <Group title={text.page}>
        <SelectRow<Language>
          title={text.language}
          subtitle={text.languageAbout}
          value={language}
          options={(Object.keys(languages) as Language[]).map((value) => ({
            value,
            label: languages[value],
          }))}
          onChange={chooseLanguage}
        />
      </Group>
      <Loaded query={useService()}>
        {(service) => (
          <Group title={text.group}>
            <Row title={text.version} end={<span className="dim">{service.version}</span>} />
            <Row title={text.address} subtitle={<code>{service.address}</code>} />
            <Row title={text.data} subtitle={<code>{service.dataDirectory}/machines</code>} />
            <Row
              title={text.running}
              end={
                <span className="dim" title={formats.exactTime(service.startedAt)}>
                  {formats.time(service.startedAt)}
                </span>
              }
            />
            <Row title={text.process} end={<span className="dim numeric">{service.pid}</span>} />
          </Group>
        )}
      </Loaded>
    </>
  );
}
