//! Diets, formula, supplements.

use super::view;
use crate::datatype::{CodeableConcept, Quantity, Reference, When};

view! {
    /// `NutritionOrder`.
    NutritionOrder
}

impl<'t> NutritionOrder<'t> {
    /// Returns `intent`.
    pub fn intent(self) -> Option<&'t str> {
        self.0.node().text("intent")
    }

    /// Returns `patient`.
    pub fn patient(self) -> Option<Reference<'t>> {
        self.0.reference("patient")
    }

    /// Returns `encounter`.
    pub fn encounter(self) -> Option<Reference<'t>> {
        self.0.reference("encounter")
    }

    /// Returns `orderer`.
    pub fn orderer(self) -> Option<Reference<'t>> {
        self.0.reference("orderer")
    }

    /// Returns `dateTime`.
    pub fn authored_at(self) -> Option<When<'t>> {
        self.0.node().text("dateTime").and_then(When::parse)
    }

    /// Returns the texts of `note`.
    pub fn notes(self) -> impl Iterator<Item = &'t str> {
        self.0.node().list("note").iter().filter_map(|note| note.text("text"))
    }

    /// Returns what is ordered: enteral formula and its additive, oral diets, supplements.
    pub fn products(self) -> Vec<CodeableConcept<'t>> {
        let node = self.0.node();
        let formula = node.get("enteralFormula");
        let mut products: Vec<CodeableConcept<'t>> = Vec::new();
        products.extend(formula.and_then(|formula| formula.one("baseFormulaType")));
        products.extend(formula.and_then(|formula| formula.one("additiveType")));
        products.extend(node.get("oralDiet").into_iter().flat_map(|diet| diet.all("type")));
        products
            .extend(node.list("supplement").iter().filter_map(|supplement| supplement.one("type")));
        products.retain(|product| !product.is_empty());
        products
    }

    /// Returns the product names the sender wrote.
    pub fn product_names(self) -> Vec<&'t str> {
        let node = self.0.node();
        let formula = node.get("enteralFormula");
        let named = formula.and_then(|formula| formula.text("baseFormulaProductName"));
        let supplements =
            node.list("supplement").iter().filter_map(|supplement| supplement.text("productName"));
        named.into_iter().chain(supplements).collect()
    }

    /// Returns the amount: `enteralFormula.maxVolumeToDeliver`, else the first supplement's quantity.
    pub fn quantity(self) -> Option<Quantity<'t>> {
        let node = self.0.node();
        let volume =
            node.get("enteralFormula").and_then(|formula| formula.one("maxVolumeToDeliver"));
        volume.or_else(|| node.first("supplement")?.one("quantity"))
    }
}
