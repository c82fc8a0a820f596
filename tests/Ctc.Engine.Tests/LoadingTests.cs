namespace Ctc.Engine.Tests;

public class LoadingTests
{
    [Test]
    public void Libtorch_loads_and_adds()
    {
        using Tensor ones = torch.ones(3);
        using Tensor sum = ones.sum();
        Assert.That(sum.item<float>(), Is.EqualTo(3f));
    }
}
