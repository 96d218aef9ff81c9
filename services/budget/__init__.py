"""Budget owns the money: policies in force, indicative and final personal budgets with their reasons, whether a budget
buys a plan, the ledger of each budget and year, the council's own purses for what comes before any plan, what is
committed to orders, what is owed and paid, and published unit costs. It does not own people, plans, suppliers, visits or
claims; it hears of those as facts."""
