//! Figures as functions generic over the drawing backend.
