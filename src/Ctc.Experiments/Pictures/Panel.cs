namespace Ctc.Experiments.Pictures;

/// <summary>One of the drawings that share a time axis.</summary>
/// <param name="heading">The line above it.</param>
/// <param name="height">Its height without the heading, in points.</param>
internal abstract class Panel(string heading, float height)
{
    public string Heading => heading;

    public float Height => height;

    /// <summary>Draws the panel, its top at y.</summary>
    public abstract void Draw(Sheet sheet, float y);
}
