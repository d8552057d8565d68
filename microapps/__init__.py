"""microapps"""
