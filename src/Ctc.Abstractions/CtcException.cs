namespace Ctc;

/// <summary>The base of every exception with which this project reports a wrong input, configuration, plugin or run.</summary>
/// <remarks>
/// The message is one or more sentences: where, what was found, what was expected. Wrong arguments are <see cref="ArgumentException"/>s and
/// wrong files <see cref="InvalidDataException"/>s, as everywhere in .NET.
/// </remarks>
public abstract class CtcException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">Where; found; expected.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    protected CtcException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
