// Who is woken, and by what. alerts.json holds the alerts: each looks at a measure that the app's Measure timer takes
// (functions/Backstake.Functions/Hosting/Measures), or brings its own query. Each names its section of docs/runbook.md by its own name.
param location string
param tags object
param insightsName string
param rulePrefix string
param actionGroupName string

@description('Empty: nobody is written to.')
param email string
param runbookUrl string

var alerts = loadJsonContent('alerts.json')
var ofMeasure = 'customMetrics | where name == \'{0}\' | extend subject = tostring(customDimensions.{1}) | summarize measured = {2}(value) by subject | where measured {3} {4}'

resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

resource onCall 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'backstake'
    enabled: true
    emailReceivers: empty(email) ? [] : [{ name: 'on-call', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in alerts: {
  name: '${rulePrefix}-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: alert.name
    description: '${alert.description} What to do: ${runbookUrl}#${alert.name}'
    severity: alert.severity
    enabled: true
    scopes: [insights.id]
    evaluationFrequency: alert.every
    windowSize: alert.window
    autoMitigate: true
    // The tables appear with the first telemetry: before it, a query over them could not be checked.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: alert.?query ?? format(ofMeasure, alert.?measure ?? '', alert.?by ?? '', alert.?below == null ? 'max' : 'min', alert.?below == null ? '>' : '<', string(alert.?below ?? alert.?above))
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [onCall.id] }
  }
}]
