namespace Backstake.Infra.Tests.Rules;

static class AllRules
{
    public static IReadOnlyList<Finding> Check(Deployment deployment) =>
        [.. RoleRules.Check(deployment), .. SecretRules.Check(deployment), .. SettingRules.Check(deployment), .. ShapeRules.Check(deployment), .. AlertRules.Check(deployment)];
}
