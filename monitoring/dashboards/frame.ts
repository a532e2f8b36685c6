import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type PanelSource, prometheus } from './panels.ts';

/** A dashboard as its file describes it: panels under the titles of their rows. */
export interface DashboardSource {
  uid: string;
  title: string;
  description: string;
  rows: Readonly<Record<string, readonly PanelSource[]>>;
}

/** Labels of the app that is looked at. */
export const app = 'job="app", app="$app", instance=~"$instance"';
/** Requests of users: neither health checks nor scrapes. */
export const users = `${app}, route!~"/health|/ready|/metrics"`;

const TAG = 'ec2-deploy';

/**
 * Makes a dashboard of its description, with what all of them have: the app and its instances to choose from, a line where a release
 * went live, links to the others.
 */
export function build({ uid, title, description, rows }: DashboardSource): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(`${TAG}-${uid}`)
    .description(description)
    .tags([TAG])
    .timezone('browser')
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([appVariable(), instanceVariable()])
    .annotation(releaseAnnotation())
    .link(linkToTheOthers());
  let id = 1;
  for (const [row, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(row).id(id++));
    for (const panel of panels) builder.withPanel(withId(panel, id++));
  }
  return builder.build();
}

function withId(source: PanelSource, id: number): PanelSource {
  const panel = { ...source.build(), id };
  return { build: () => panel };
}

function appVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder('app')
    .label('App')
    .datasource(prometheus)
    .query('label_values(app_info, app)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

function instanceVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder('instance')
    .label('Instance')
    .datasource(prometheus)
    .query('label_values(app_info{app="$app"}, instance)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all' });
}

/** Marks the first two minutes in which a release answers that did not answer before. */
function releaseAnnotation(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Releases')
    .datasource(prometheus)
    .enable(true)
    .iconColor('blue')
    .expr(
      'count by (release) (app_info{job="app", app="$app"})' +
        ' unless on (release) count by (release) (app_info{job="app", app="$app"} offset 2m)',
    )
    .step('15s')
    .titleFormat('Release {{release}}')
    .textFormat('is live on its first host');
}

function linkToTheOthers(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('ec2-deploy')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}
