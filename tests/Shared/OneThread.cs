/// <summary>Test assemblies run side by side; libtorch's threads would wait for one another across them.</summary>
[SetUpFixture]
#pragma warning disable CA1050 // Outside any namespace, so that it holds for the whole assembly.
public sealed class OneThread
#pragma warning restore CA1050
{
    [OneTimeSetUp]
    public void Set() => torch.set_num_threads(1);
}
