namespace Ctc.Experiments.Tests.Texts;

/// <summary>Texts, and how they are displayed. Source: fribidi_log2vis of GNU FriBidi 1.0.8, of a paragraph without direction.</summary>
/// <remarks>A to F are Hebrew letters, G to K letters of Thaana (of the class of Arabic ones), p to r Arabic digits, _ is a space.</remarks>
internal static class DisplayOrderCases
{
    private const string Rows =
        """
        ABC_abc_12|abc_12_CBA
        abc_ABC_(12)_D|abc_D_(12)_CBA
        GHI_12.5%_abc|abc_%12.5_IHG
        AB_(cd)_EF|FE_(cd)_BA
        ab_(CD)_ef|ab_(DC)_ef
        A_1-2_B|B_1-2_A
        GH_1-2_I|I_2-1_HG
        AB_[12]_cd|cd_[12]_BA
        12_AB|BA_12
        AB,_cd:_EF!|!FE_:cd_,BA
        a_(B)_c|a_(B)_c
        A(b)C|C(b)A
        21FCBIIECAIGHpqq|pqqHGIACEIIBCF21
        .da313ppbc|.da313ppbc
        12FA_%IGDEC|CEDGI%_AF12
        %aeaAAFBFK|%aeaKFBFAA
        1DA222|222AD1
        DJGH2|2HGJD
        11_I2%aa[3212|aa[3212%2I_11
        _%FAada|adaAF%_
        131eba&+)|131eba&+)
        _EBD3_|_3DBE_
        FC_FFA)GH|HG(AFF_CF
        EBBD|DBBE
        ddcpqrc|ddcpqrc
        JGKIG[|]GIKGJ
        Cad_)|(_adC
        _rrq|_rrq
        EABre]BEA|AEB[reBAE
        dcaKJ|dcaJK
        CD_]A122__|__122A[_DC
        21%F|F21%
        CBA11|11ABC
        GIprbab|prbabIG
        J,dbK|Kdb,J
        DEDF1|1FDED
        JG)232ada|232ada(GJ
        +KHGBEBaccbb|accbbBEBGHK+
        cccGI[231|ccc231]IG
        AFec(rpr|rpr)ecFA
        331r_Jb__(FA|AF)__bJ_331r
        eIKJ]_,DD|eDD,_[JKI
        ed_31rq__|ed_31rq__
        CE&IIGJ[|]JGII&EC
        31_DCEFE_edb|edb_EFECD_31
        EDCIK)rq_crq|crq_rq(KICDE
        32__21|32__21
        c,_e!cc|c,_e!cc
        [ADC_HJ,_EBD|DBE_,JH_CDA]
        aeab_321|aeab_321
        _rpJ!|!Jrp_
        eabBaeA|eabBaeA
        p(&G_|_G&)p
        ab_aeE111+|ab_ae111E+
        JJIabb_KH2.|.2HK_abbIJJ
        G_,[d1(!|!)d1],_G
        :[+3baeJH|:[+3baeHJ
        ACA%11baGrqpIJH|HJIrqpG%11baACA
        !I_:r__ceb]|[ceb__r:_I!
        $_311I112C|C112I311_$
        3BFc_2|c_2FB3
        _-_2pqr|_-_2pqr
        cd2edeCC3|cd2ede3CC
        ae1dbe|ae1dbe
        )JIAFF|FFAIJ(
        q%Ecd12|cd12E%q
        JG$+E_CJJK|KJJC_E+$GJ
        DE3CFE31BB|BB31EFC3ED
        dqrq331|dqrq331
        _e_31211|_e_31211
        HA[E[|]E]AH
        ,23edb|,23edb
        2_AB__A_21HJ312|312JH21_A__BA_2
        DDCFKBEEGKKeac|eacKKGEEBKFCDD
        ]%bb(qrqGIHJ|]%bb(JHIGqrq
        JIIJKI|IKJIIJ
        rAFDp|pDFAr
        aD]!)!|aD]!)!
        EBCCDC|CDCCBE
        .]ECFFA!223a|223a!AFFCE[.
        ea,_|ea,_
        _32232|_32232
        (edc(-&FCDqq|(edc(-&qqDCF
        Braa32123:_|_:raa32123B
        ]rrr|]rrr
        bbdea_|bbdea_
        )-aeaKG121cadDBB|)-aea121GKcadBBD
        HK__eae|eae__KH
        _Aqrp!EF3&A|A&3FE!qrpA_
        ABDDC_|_CDDBA
        __[DDEbBADA113|113ADABbEDD]__
        &BCCppd:|:ppdCCB&
        c2CECA)|c2ACEC)
        :__DFBHKJBDDDB|BDDDBJKHBFD__:
        )3-dae$_-DFEDEB|)3-dae$_-BEDEFD
        -Ddba_p|p_dbaD-
        _EEF!IJK|KJI!FEE_
        KHIBKKGq]|[qGKKBIHK
        CpbAC|CApbC
        DEB)[[1___|___1]](BED
        FBKBA|ABKBF
        &CFd11B|Bd11FC&
        )$bab__FBD|)$bab__DBF
        CDCcee%[|]%ceeCDC
        HJH21BC,|,CB21HJH
        [aAEEE:rprB|[aBrpr:EEEA
        3Bq-_|_-qB3
        (qp_:GH|HG:_qp)
        (%+EB3|3BE+%)
        JHK_,DB_B2|2B_BD,_KHJ
        _&ABF322e|322eFBA&_
        .3HGJH|HJGH3.
        $JHICErE|ErECIHJ$
        FAcd_322dc|cd_322dcAF
        ppp&ae|ppp&ae
        3q:1a!_&|3q:1a!_&
        33+__.brp|33+__.brp
        12F)___|___(F12
        EDBAED_2rrq|2rrq_DEABDE
        -prq$_|-prq$_
        _ad!311|_ad!311
        rqac+BFKJr|rqac+rJKFB
        d1CE331pqpq|d1331pqpqEC
        JIK_EE]G_|_G[EE_KIJ
        1122adKDB.|1122adBDK.
        bacDEB,:IG|bacGI:,BED
        .G_(.121c(|)121c.)_G.
        deccea_AFABE_|deccea_EBAFA_
        C_JGJI23.|.23IJGJ_C
        ,_-KI_pqq|pqq_IK-_,
        _,2!CD+1AE|EA1+DC!2,_
        %_DKBCE%|%ECBKD_%
        EEC_,dee31|dee31,_CEE
        _.EAC|CAE._
        &cdaceCABCB|&cdaceBCBAC
        3:BFBadG(212_|_212)GadBFB:3
        &_1!abbrp|&_1!abbrp
        1%AACC&aBF|FBa&CCAA1%
        qr_ee+bcc!|qr_ee+bcc!
        3_BI_%adb321|adb321%_IB_3
        """;

    /// <summary>Gets pairs of a text in logical order and in the order of display, from left to right.</summary>
    public static IEnumerable<(string Logical, string Displayed)> All =>
        Rows.Split('\n').Select(row => row.TrimEnd('\r').Split('|')).Select(pair => (Written(pair[0]), Written(pair[1])));

    /// <summary>Replaces the letters of the notation.</summary>
    public static string Written(string notation) => string.Concat(notation.Select(letter => letter switch
    {
        >= 'A' and <= 'F' => (char)('\u05D0' + letter - 'A'),
        >= 'G' and <= 'K' => (char)('\u0780' + letter - 'G'),
        >= 'p' and <= 'r' => (char)('\u0661' + letter - 'p'),
        '_' => ' ',
        _ => letter,
    }));
}
