using Ctc.Experiments.Data.Synthesis;
using Ctc.Experiments.Processes;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Synthesis;

public class FliteTests
{
    // Printed by flite 2.2 for: flite -voice rms -t "she had" -psdur -o x.wav
    private const string Printed = "pau:0.136 sh:0.326 iy:0.489 hh:0.579 ae:0.759 d:0.850 pau:1.009 \n\n";

    [Test]
    public void What_flite_prints_is_parsed()
    {
        TimedPhone[] phones = Flite.ParsePhones(Printed);
        Assert.That(phones.Select(phone => phone.Name), Is.EqualTo(new[] { "pau", "sh", "iy", "hh", "ae", "d", "pau" }));
        Assert.That((phones[0], phones[^1]), Is.EqualTo((new TimedPhone("pau", 0, 0.136), new TimedPhone("pau", 0.850, 1.009))));
        Assert.That(phones.Zip(phones.Skip(1)).All(pair => pair.First.End == pair.Second.Start));
    }

    [TestCase("pau:0.5 sh", "flite printed 'sh' after 1 phones; expected a phone, a colon and its end in seconds.")]
    [TestCase("pau:0.5 sh:0.4", "flite printed 'sh:0.4' after 1 phones; expected a phone, a colon and its end in seconds.")]
    [TestCase(":1", "flite printed ':1' after 0 phones; expected a phone, a colon and its end in seconds.")]
    [TestCase(" ", "flite printed no phones; expected some, such as pau:0.159.")]
    public void Other_text_is_refused(string printed, string message) =>
        Assert.That(() => Flite.ParsePhones(printed), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(message));

    [Test]
    [Category("Slow")]
    public void It_speaks_and_its_last_phone_ends_with_the_sound()
    {
        Require();
        var flite = new Flite();
        SpokenSentence spoken = flite.Speak("she had", "rms");
        Assert.That(spoken.Phones, Is.EqualTo(Flite.ParsePhones(Printed)), "as it was recorded");
        double seconds = (double)spoken.Sound.Samples.Length / spoken.Sound.Rate;
        Assert.That(spoken.Phones[^1].End, Is.EqualTo(seconds).Within(0.005));
        Assert.That(flite.Method, Does.Contain("version: flite-"));
        Assert.That(
            () => flite.Speak("she", "nobody"),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("flite has no voice 'nobody'; expected one of those of flite -lv."));
    }

    private static void Require()
    {
        if (InstalledProgram.Find("flite") is null) Assert.Ignore("flite is not installed (Debian: flite)");
    }
}
