/// <summary>Test assemblies run in parallel; with more threads, libtorch would oversubscribe the cores.</summary>
[SetUpFixture]
#pragma warning disable CA1050 // Outside any namespace, so that it applies to the whole assembly.
public sealed class OneThread
#pragma warning restore CA1050
{
    [OneTimeSetUp]
    public void Set() => torch.set_num_threads(1);
}
