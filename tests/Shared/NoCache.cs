/// <summary>Commands keep nothing in the user's cache; tests of the cache name a folder of their own.</summary>
[SetUpFixture]
#pragma warning disable CA1050 // Outside any namespace, so that it applies to the whole assembly.
public sealed class NoCache
#pragma warning restore CA1050
{
    [OneTimeSetUp]
    public void Set() => Environment.SetEnvironmentVariable("CTC_CACHE", "none");
}
