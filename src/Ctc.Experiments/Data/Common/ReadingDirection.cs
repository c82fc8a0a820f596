namespace Ctc.Experiments.Data.Common;

/// <summary>The direction in which a line is read: the direction of time across its image.</summary>
public enum ReadingDirection
{
    /// <summary>The first symbol is at the left, as in Latin script.</summary>
    LeftToRight,

    /// <summary>The first symbol is at the right, as in Arabic and Hebrew script.</summary>
    RightToLeft,

    /// <summary>The first symbol is at the top, as in vertical Chinese and Japanese lines. The image is turned a quarter to the left.</summary>
    TopToBottom,

    /// <summary>The first symbol is at the bottom, as in labels of vertical axes. The image is turned a quarter to the right.</summary>
    BottomToTop,

    /// <summary>
    /// Horizontal lines in scripts of any direction: the first frame is at the left, and the symbols of a text are in the order in which they are
    /// displayed, by Unicode's bidirectional algorithm.
    /// </summary>
    Auto,
}
