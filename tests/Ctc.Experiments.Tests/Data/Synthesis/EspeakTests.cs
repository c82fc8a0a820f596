using System.Runtime.InteropServices;
using Ctc.Experiments.Data.Synthesis;

namespace Ctc.Experiments.Tests.Data.Synthesis;

public class EspeakTests
{
    [Test]
    public void A_phone_ends_where_the_next_begins_and_events_without_sound_are_none()
    {
        (string, int)[] begun = [("", 0), ("ʃ", 100), ("iː", 300), ("", 300), ("h", 700), ("", 900)];
        Assert.That(
            Espeak.ToPhones(begun, samples: 1000, rate: 1000),
            Is.EqualTo(new TimedPhone[] { new("ʃ", 0.1, 0.3), new("h", 0.7, 0.9) }));
    }

    [Test]
    [Category("Slow")]
    public void It_speaks_the_same_whatever_it_spoke_before_and_refuses_a_voice_that_it_has_not()
    {
        if (!NativeLibrary.TryLoad("libespeak-ng.so.1", out nint library)) Assert.Ignore("espeak-ng is not installed (Debian: libespeak-ng1)");
        NativeLibrary.Free(library);
        var espeak = new Espeak();
        SpokenSentence first = espeak.Speak("she had a yellow boat", "en-us");
        SpokenSentence other = espeak.Speak("she had a yellow boat", "en-us+f2");
        SpokenSentence again = espeak.Speak("she had a yellow boat", "en-us"), otherAgain = espeak.Speak("she had a yellow boat", "en-us+f2");
        Assert.That(again.Phones, Is.EqualTo(first.Phones));
        Assert.That(again.Sound.Samples, Is.EqualTo(first.Sound.Samples));
        Assert.That(other.Sound.Samples, Is.Not.EqualTo(first.Sound.Samples));
        Assert.That(otherAgain.Sound.Samples, Is.EqualTo(other.Sound.Samples), "a voice with noise");
        Assert.That(first.Sound.Rate, Is.EqualTo(22_050));
        Assert.That(string.Concat(first.Phones.Select(phone => phone.Name)), Does.StartWith("ʃ"));
        Assert.That(first.Phones[^1].End, Is.LessThanOrEqualTo((double)first.Sound.Samples.Length / first.Sound.Rate));
        Assert.That(espeak.Method, Does.Match("^espeak-ng 1\\."));
        Assert.That(espeak.Files.Select(Path.GetFileName), Does.Contain("phondata"));
        foreach (string unknown in new[] { "nobody", "en-us+nobody" })
        {
            Assert.That(
                () => espeak.Speak("she", unknown),
                Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                    $"espeak-ng has no voice '{unknown}'; expected one of those of espeak-ng --voices."));
        }
    }
}
