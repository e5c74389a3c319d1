//! The routes that come with Baton, built in from the files in `routes/`.

/// File name and text of each shipped route.
pub fn shipped() -> &'static [(&'static str, &'static str)] {
    &[
        ("sales-to-onboarding.yaml", include_str!("../../routes/sales-to-onboarding.yaml")),
        ("marketing-to-sales.yaml", include_str!("../../routes/marketing-to-sales.yaml")),
        ("ops-to-fulfillment.yaml", include_str!("../../routes/ops-to-fulfillment.yaml")),
        ("success-to-support.yaml", include_str!("../../routes/success-to-support.yaml")),
    ]
}
