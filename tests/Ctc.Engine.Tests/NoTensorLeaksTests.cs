using Ctc.Tests;

namespace Ctc.Engine.Tests;

public class NoTensorLeaksTests
{
    [Test]
    public void A_tensor_that_is_left_alive_fails_the_test()
    {
        var attribute = new NoTensorLeaksAttribute();
        attribute.BeforeTest(null!);
        using (Tensor left = torch.ones(2))
        {
            Assert.That(() => Assert.Multiple(() => attribute.AfterTest(null!)), Throws.Exception);
        }
    }

    [Test]
    public void Tensors_that_are_disposed_fail_nothing()
    {
        var attribute = new NoTensorLeaksAttribute();
        attribute.BeforeTest(null!);
        using (torch.NewDisposeScope()) torch.ones(2).add(torch.ones(2));
        attribute.AfterTest(null!);
    }
}
