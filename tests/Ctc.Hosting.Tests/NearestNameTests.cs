namespace Ctc.Hosting.Tests;

public class NearestNameTests
{
    private static readonly string[] Known = ["epochs", "batch-size", "learning-rate", "seed"];

    [TestCase("epoch", "did you mean 'epochs'?")]
    [TestCase("eopchs", "did you mean 'epochs'?")]
    [TestCase("sede", "did you mean 'seed'?")]
    [TestCase("esed", "did you mean 'seed'?")]
    [TestCase("dees", "expected one of batch-size, epochs, learning-rate, seed")]
    [TestCase("batchsize", "did you mean 'batch-size'?")]
    [TestCase("learning_rate", "did you mean 'learning-rate'?")]
    [TestCase("optimizer", "expected one of batch-size, epochs, learning-rate, seed")]
    public void Suggests_what_could_have_been_meant(string given, string suggestion) =>
        Assert.That(NearestName.Suggest(given, Known), Is.EqualTo(suggestion));

    [Test]
    public void Of_equally_near_names_the_first_in_the_alphabet_is_suggested() =>
        Assert.That(NearestName.Suggest("form", ["worm", "norm"]), Is.EqualTo("did you mean 'norm'?"));

    [TestCase("epoch", "epochs")]
    [TestCase("optimizer", null)]
    public void Finds_what_could_have_been_meant(string given, string? name) => Assert.That(NearestName.Find(given, Known), Is.EqualTo(name));

    [Test]
    public void A_name_known_twice_is_named_once() =>
        Assert.That(NearestName.Suggest("xyz", ["focal", "focal"]), Is.EqualTo("expected one of focal"));

    [Test]
    public void Where_nothing_is_known_it_says_so() => Assert.That(NearestName.Suggest("focal", []), Is.EqualTo("there is none"));
}
