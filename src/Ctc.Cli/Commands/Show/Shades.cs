namespace Ctc.Cli.Commands.Show;

/// <summary>Numbers from 0 to 1 as characters of five shades.</summary>
internal static class Shades
{
    private const string Ramp = " ░▒▓█";

    /// <summary>The character of a number: blank for 0, dark for 1, a question mark for what is not finite.</summary>
    public static char Of(double share) =>
        double.IsFinite(share) ? Ramp[Math.Clamp((int)Math.Round(share * (Ramp.Length - 1)), 0, Ramp.Length - 1)] : '?';
}
